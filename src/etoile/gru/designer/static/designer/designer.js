/* Étoile, the designer: dragging a question, as a comfort beside the buttons that do the same. */
