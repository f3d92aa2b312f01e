"""The components shown live at `/design/`, for those who build pages (development and agents only)."""
