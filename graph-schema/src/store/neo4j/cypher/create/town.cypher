UNWIND $rows AS row
CREATE (record:Record:Town)
SET record = row;
