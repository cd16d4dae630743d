// Where the server keeps its data.
SHOW SETTINGS YIELD name, value
WHERE name = 'server.directories.data'
RETURN value;
