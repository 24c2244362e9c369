DROP TABLE look_first;
