UNWIND $rows AS row
CREATE (record:Record:Note)
SET record = row;
