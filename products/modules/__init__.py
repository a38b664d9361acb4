"""The modules of kinds of products: what each kind can be asked for, and shows on its products' pages."""
