DROP TABLE cancelled_waves;
DROP TABLE seconds;
DROP TABLE trail;
