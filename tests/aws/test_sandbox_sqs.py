"""boto3's sqs client against the AWS sandbox."""

import hashlib

import moto.sqs.models
import pytest

from aws_sandbox import fails


@pytest.fixture
def sqs(home, sandbox):
    return sandbox.client("sqs")


def test_standard_queue(sqs):
    url = sqs.create_queue(QueueName="events", Attributes={"VisibilityTimeout": "60"})[
        "QueueUrl"
    ]
    assert sqs.get_queue_url(QueueName="events")["QueueUrl"] == url
    attributes = {
        "kind": {"DataType": "String", "StringValue": "claim"},
        "raw": {"DataType": "Binary", "BinaryValue": b"\0\1\2"},
        "seats": {"DataType": "Number", "StringValue": "16"},
    }
    sent = sqs.send_message(
        QueueUrl=url, MessageBody="héllo", MessageAttributes=attributes
    )
    assert sent["MD5OfMessageBody"] == hashlib.md5("héllo".encode()).hexdigest()
    got = sqs.receive_message(
        QueueUrl=url,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
        WaitTimeSeconds=1,
    )["Messages"]
    assert [m["Body"] for m in got] == ["héllo"]
    assert got[0]["MessageAttributes"] == attributes
    assert got[0]["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    assert got[0]["Attributes"]["ApproximateReceiveCount"] == "1"
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessagesNotVisible"] == "1"
    sqs.change_message_visibility(
        QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"], VisibilityTimeout=0
    )
    again = sqs.receive_message(QueueUrl=url)["Messages"][0]
    assert again["MessageId"] == sent["MessageId"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])
    assert "Messages" not in sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)
    error = fails(sqs.delete_message, QueueUrl=url, ReceiptHandle="x")
    assert error["Code"] == "ReceiptHandleIsInvalid"
    sqs.delete_queue(QueueUrl=url)
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.send_message(QueueUrl=url, MessageBody="x")


# Whose digests the C++ client's tests know, too.
ATTRIBUTES = {
    "number": {"t": {"DataType": "Number", "StringValue": "1493147359900"}},
    "bytes": {"b": {"DataType": "Binary.png", "BinaryValue": bytes(range(256))}},
    "all": {
        "B.b-1_": {"DataType": "Binary.png", "BinaryValue": bytes(range(256))},
        "a": {"DataType": "String", "StringValue": "é世😀 <&>\t\n"},
        "Z": {"DataType": "Number.float", "StringValue": "-1.5e3"},
        "10": {"DataType": "String.json", "StringValue": "{}" * 500},
        "9": {"DataType": "String", "StringValue": " "},
    },
}


@pytest.mark.parametrize("attributes", ATTRIBUTES.values(), ids=ATTRIBUTES.keys())
def test_attribute_digests_are_motos(sqs, attributes):
    by_moto = moto.sqs.models.Message("id", "m")
    by_moto.message_attributes = attributes
    url = sqs.create_queue(QueueName="digests")["QueueUrl"]
    sent = sqs.send_message(QueueUrl=url, MessageBody="m", MessageAttributes=attributes)
    assert sent["MD5OfMessageAttributes"] == by_moto.attribute_md5
    wanted = max(attributes)  # of some attributes alone, the digest is theirs
    by_moto.message_attributes = {wanted: attributes[wanted]}
    got = sqs.receive_message(QueueUrl=url, MessageAttributeNames=[wanted])["Messages"]
    assert got[0]["MD5OfMessageAttributes"] == by_moto.attribute_md5
    sqs.delete_message(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"])


def test_fifo_queue(sqs):
    url = sqs.create_queue(
        QueueName="orders.fifo",
        Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"},
    )["QueueUrl"]
    first = sqs.send_message(QueueUrl=url, MessageBody="a1", MessageGroupId="a")
    repeated = sqs.send_message(QueueUrl=url, MessageBody="a1", MessageGroupId="a")
    assert repeated["MessageId"] == first["MessageId"]
    assert repeated["SequenceNumber"] == first["SequenceNumber"]
    sqs.send_message(QueueUrl=url, MessageBody="a2", MessageGroupId="a")
    sqs.send_message(QueueUrl=url, MessageBody="b1", MessageGroupId="b")
    one = sqs.receive_message(QueueUrl=url)["Messages"][0]
    assert one["Body"] == "a1"
    other = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [m["Body"] for m in other] == ["b1"]  # group a is locked
    sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "a2"
    error = fails(sqs.send_message, QueueUrl=url, MessageBody="x")
    assert error["Code"] == "MissingParameter"


def test_a_fifo_receive_can_be_repeated(sqs):
    url = sqs.create_queue(QueueName="repeated.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    sent = {"MessageBody": "a1", "MessageGroupId": "a", "MessageDeduplicationId": "1"}
    sqs.send_message(QueueUrl=url, **sent)
    first = sqs.receive_message(QueueUrl=url, ReceiveRequestAttemptId="r-1")["Messages"]
    again = sqs.receive_message(QueueUrl=url, ReceiveRequestAttemptId="r-1")["Messages"]
    assert [(m["Body"], m["ReceiptHandle"]) for m in again] == [("a1", first[0]["ReceiptHandle"])]
    assert "Messages" not in sqs.receive_message(QueueUrl=url, ReceiveRequestAttemptId="r-2")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first[0]["ReceiptHandle"])
    error = fails(sqs.receive_message, QueueUrl=url, ReceiveRequestAttemptId="r-1")
    assert error["Code"] == "InvalidParameterValue"


def test_the_largest_message(sqs):
    url = sqs.create_queue(QueueName="large")["QueueUrl"]
    body = "é" * (1 << 19)  # 1 MiB; six bytes each in botocore's JSON
    sqs.send_message(QueueUrl=url, MessageBody=body)
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == body
    error = fails(sqs.send_message, QueueUrl=url, MessageBody=body + "e")
    assert error["Code"] == "InvalidParameterValue"


def test_batches(sqs):
    url = sqs.create_queue(QueueName="batches")["QueueUrl"]
    entries = [{"Id": str(i), "MessageBody": f"m{i}"} for i in range(10)]
    entries[3]["DelaySeconds"] = 901
    sent = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert len(sent["Successful"]) == 9
    assert [f["Id"] for f in sent["Failed"]] == ["3"]
    assert sent["Failed"][0]["Code"] == "InvalidParameterValue"
    got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert len(got) == 9
    deleted = sqs.delete_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": m["MessageId"], "ReceiptHandle": m["ReceiptHandle"]} for m in got
        ],
    )
    assert len(deleted["Successful"]) == 9
    error = fails(sqs.send_message_batch, QueueUrl=url, Entries=entries[:1] * 2)
    assert error["Code"].endswith("BatchEntryIdsNotDistinct")
