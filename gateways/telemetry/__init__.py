"""What leaves a process for its operators: logs, metrics for Prometheus, traces for an OpenTelemetry collector."""
