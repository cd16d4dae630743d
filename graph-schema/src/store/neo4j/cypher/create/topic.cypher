UNWIND $rows AS row
CREATE (record:Record:Topic)
SET record = row;
