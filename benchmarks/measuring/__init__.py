"""What benchmarks of servers share: processes, load, the machine's disturbances, tables."""
