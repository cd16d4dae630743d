UNWIND $rows AS row
CREATE (record:Record:Area)
SET record = row;
