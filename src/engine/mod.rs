//! Virtual time: the floor everything stands on; knows nothing of Kafka.
