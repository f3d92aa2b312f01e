"""The connectors: one folder each, to be dropped in or taken out whole. They know the SDK and the contract only."""
