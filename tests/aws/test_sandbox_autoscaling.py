"""boto3's autoscaling client against the AWS sandbox."""

from aws_sandbox import fails


def test_auto_scaling(home, sandbox):
    scaling = sandbox.client("autoscaling")
    instance = "i-0123456789abcdef0"
    found = scaling.describe_auto_scaling_instances(InstanceIds=[instance])
    assert [
        (one["InstanceId"], one["AutoScalingGroupName"], one["LifecycleState"])
        for one in found["AutoScalingInstances"]
    ] == [(instance, "spot-fleet", "InService")]
    nothing = scaling.describe_auto_scaling_instances(InstanceIds=["i-1"])
    assert nothing["AutoScalingInstances"] == []
    scaling.record_lifecycle_action_heartbeat(
        LifecycleHookName="h", AutoScalingGroupName="spot-fleet", InstanceId=instance
    )
    error = fails(
        scaling.complete_lifecycle_action,
        LifecycleHookName="h",
        AutoScalingGroupName="other",
        LifecycleActionResult="CONTINUE",
        InstanceId=instance,
    )
    assert error["Code"] == "ValidationError"
