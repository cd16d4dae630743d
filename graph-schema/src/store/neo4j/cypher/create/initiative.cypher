UNWIND $rows AS row
CREATE (record:Record:Initiative)
SET record = row;
