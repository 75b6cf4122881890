"""The namespace of a local Temporal server: whether it serves our search attributes, and for how long it keeps runs."""

from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from models.local_stack import TemporalSection


async def prepare_namespace(address: str, section: TemporalSection) -> bool:
    """Whether the server serves our namespace with all search attributes; sets the retention on the way.

    Args:
        address: host:port.

    Returns:
        False while the server is not that far.
    """
    try:
        client = await Client.connect(address, namespace=section.namespace)
        if not await client.service_client.check_health():
            return False
        service, namespace = client.workflow_service, section.namespace
        known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
        if not section.search_attributes.keys() <= known.custom_attributes.keys():
            return False
        described = await service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
        retention = timedelta(days=section.retention_days)
        if described.config.workflow_execution_retention_ttl.ToTimedelta() != retention:
            wanted = Duration()
            wanted.FromTimedelta(retention)
            config = NamespaceConfig(workflow_execution_retention_ttl=wanted)
            await service.update_namespace(UpdateNamespaceRequest(namespace=namespace, config=config))
    except (RPCError, RuntimeError):  # a connection that fails is a RuntimeError
        return False
    return True
