"""What people look at: charts, report site, notebooks' helpers, exports. Reads the published marts and nothing else."""
