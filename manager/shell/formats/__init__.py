"""How dates are written where Django's own forms are not what people of a language expect (UI-4)."""
