"""From a final-accounts PDF to pages, tables, figures, passages and the store that holds them."""
