"""A year of invented service work, made through the services, to try the portal with."""
