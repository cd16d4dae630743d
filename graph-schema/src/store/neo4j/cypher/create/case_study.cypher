UNWIND $rows AS row
CREATE (record:Record:CaseStudy)
SET record = row;
