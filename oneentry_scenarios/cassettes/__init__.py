"""Records scenarios on vcrpy and replays them without a network."""
