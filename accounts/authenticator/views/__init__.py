"""Pages and operations of the authenticator: of the panel, of the sign-in, of the app on the phone."""
