DROP TABLE network_ideas;
