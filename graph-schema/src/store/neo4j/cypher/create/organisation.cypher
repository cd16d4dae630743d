UNWIND $rows AS row
CREATE (record:Record:Organisation)
SET record = row;
