"""A request sent under the wrong procedure goes on under the right one, without being asked again."""
