UNWIND $rows AS row
CREATE (record:Record:Source)
SET record = row;
