"""Records scenarios with vcrpy and replays them without a network."""
