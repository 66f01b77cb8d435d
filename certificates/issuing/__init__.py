"""From achievements to numbered certificates."""
