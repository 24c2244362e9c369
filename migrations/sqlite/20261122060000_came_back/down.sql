DROP TABLE came_back;
