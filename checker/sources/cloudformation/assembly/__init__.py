"""Cloud assemblies, which `cdk synth` writes, to inventories."""
