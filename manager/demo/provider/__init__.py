"""What the test servers of both payment providers share: state, faults, webhooks, HTTP, the process."""
