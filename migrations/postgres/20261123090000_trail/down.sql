DROP TABLE cancelled_waves;
DROP TABLE seconds;
DROP TABLE trail;
DROP FUNCTION refuse_change_of_trail;
