// GoogleMock mocks of the ports to AWS services.
#ifndef GSH_TESTING_MOCK_AWS_H_
#define GSH_TESTING_MOCK_AWS_H_

#include <gmock/gmock.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "gsh/aws/autoscaling.h"
#include "gsh/aws/cloudwatch.h"
#include "gsh/aws/credentials.h"
#include "gsh/aws/gamelift.h"
#include "gsh/aws/instance_metadata.h"
#include "gsh/aws/sqs.h"
#include "gsh/aws/sts.h"

namespace gsh::testing {

class MockCredentialsProvider : public aws::CredentialsProvider {
 public:
  MOCK_METHOD(void, GetAsync, (CallOptions options, Callback done), (override));
  MOCK_METHOD(void, Reject, (const aws::Credentials& credentials), (override));
};

// All that InstanceMetadata tells comes by GetAsync.
class MockInstanceMetadata : public aws::InstanceMetadata {
 public:
  MOCK_METHOD(void, GetAsync, (std::string path, CallOptions options, Callback<std::string> done),
              (override));
};

class MockGameLift : public aws::GameLift {
 public:
  MOCK_METHOD(void, ClaimGameServerAsync,
              (aws::gamelift::ClaimGameServerRequest request, CallOptions options,
               Callback<Server> done),
              (override));
  MOCK_METHOD(void, RegisterGameServerAsync,
              (aws::gamelift::RegisterGameServerRequest request, CallOptions options,
               Callback<Server> done),
              (override));
  MOCK_METHOD(void, UpdateGameServerAsync,
              (aws::gamelift::UpdateGameServerRequest request, CallOptions options,
               Callback<Server> done),
              (override));
  MOCK_METHOD(void, DescribeGameServerAsync,
              (aws::gamelift::DescribeGameServerRequest request, CallOptions options,
               Callback<Server> done),
              (override));
  MOCK_METHOD(void, DeregisterGameServerAsync,
              (aws::gamelift::DeregisterGameServerRequest request, CallOptions options,
               std::function<void(Status)> done),
              (override));
  MOCK_METHOD(void, ListGameServersAsync,
              (aws::gamelift::ListGameServersRequest request, CallOptions options,
               Callback<aws::Page<Server>> done),
              (override));
  MOCK_METHOD(void, CreateGameServerGroupAsync,
              (aws::gamelift::CreateGameServerGroupRequest request, CallOptions options,
               Callback<Group> done),
              (override));
  MOCK_METHOD(void, DescribeGameServerGroupAsync,
              (aws::gamelift::DescribeGameServerGroupRequest request, CallOptions options,
               Callback<Group> done),
              (override));
  MOCK_METHOD(void, UpdateGameServerGroupAsync,
              (aws::gamelift::UpdateGameServerGroupRequest request, CallOptions options,
               Callback<Group> done),
              (override));
  MOCK_METHOD(void, DeleteGameServerGroupAsync,
              (aws::gamelift::DeleteGameServerGroupRequest request, CallOptions options,
               Callback<Group> done),
              (override));
  MOCK_METHOD(void, SuspendGameServerGroupAsync,
              (aws::gamelift::SuspendGameServerGroupRequest request, CallOptions options,
               Callback<Group> done),
              (override));
  MOCK_METHOD(void, ResumeGameServerGroupAsync,
              (aws::gamelift::ResumeGameServerGroupRequest request, CallOptions options,
               Callback<Group> done),
              (override));
  MOCK_METHOD(void, ListGameServerGroupsAsync,
              (aws::gamelift::ListGameServerGroupsRequest request, CallOptions options,
               Callback<aws::Page<Group>> done),
              (override));
  MOCK_METHOD(void, DescribeGameServerInstancesAsync,
              (aws::gamelift::DescribeGameServerInstancesRequest request, CallOptions options,
               Callback<aws::Page<Instance>> done),
              (override));
};

class MockSqs : public aws::Sqs {
 public:
  MOCK_METHOD(void, GetQueueUrlAsync,
              (std::string queue_name, std::string owner, CallOptions options,
               Callback<std::string> done),
              (override));
  MOCK_METHOD(void, GetQueueAttributesAsync,
              (std::string queue_url, std::vector<std::string> names, CallOptions options,
               Callback<Attributes> done),
              (override));
  MOCK_METHOD(void, SendMessageAsync,
              (std::string queue_url, aws::sqs::OutgoingMessage message, CallOptions options,
               Callback<aws::sqs::SentMessage> done),
              (override));
  MOCK_METHOD(void, SendMessageBatchAsync,
              (std::string queue_url, std::vector<aws::sqs::OutgoingMessage> messages,
               CallOptions options, Callback<SentMessages> done),
              (override));
  MOCK_METHOD(void, ReceiveMessageAsync,
              (aws::sqs::ReceiveRequest request, CallOptions options,
               Callback<std::vector<aws::sqs::Message>> done),
              (override));
  MOCK_METHOD(void, DeleteMessageAsync,
              (std::string queue_url, std::string receipt_handle, CallOptions options,
               DoneCallback done),
              (override));
  MOCK_METHOD(void, DeleteMessageBatchAsync,
              (std::string queue_url, std::vector<std::string> receipt_handles, CallOptions options,
               Callback<std::vector<Status>> done),
              (override));
  MOCK_METHOD(void, ChangeMessageVisibilityAsync,
              (std::string queue_url, std::string receipt_handle,
               std::chrono::seconds visibility_timeout, CallOptions options, DoneCallback done),
              (override));
};

class MockAutoScaling : public aws::AutoScaling {
 public:
  MOCK_METHOD(void, DescribeInstancesAsync,
              (aws::autoscaling::DescribeInstancesRequest request, CallOptions options,
               Callback<aws::Page<Instance>> done),
              (override));
  MOCK_METHOD(void, RecordLifecycleActionHeartbeatAsync,
              (aws::autoscaling::LifecycleAction action, CallOptions options,
               std::function<void(Status)> done),
              (override));
  MOCK_METHOD(void, CompleteLifecycleActionAsync,
              (aws::autoscaling::LifecycleAction action, std::string result, CallOptions options,
               std::function<void(Status)> done),
              (override));
};

class MockCloudWatch : public aws::CloudWatch {
 public:
  MOCK_METHOD(void, PutMetricDataAsync,
              (std::string metric_namespace, std::vector<aws::cloudwatch::MetricDatum> metrics,
               CallOptions options, std::function<void(Status)> done),
              (override));
};

class MockSts : public aws::Sts {
 public:
  MOCK_METHOD(void, GetCallerIdentityAsync,
              (CallOptions options, Callback<aws::CallerIdentity> done), (override));
  MOCK_METHOD(void, AssumeRoleAsync,
              (aws::AssumeRoleRequest request, CallOptions options,
               Callback<aws::AssumedRole> done),
              (override));
  MOCK_METHOD(void, AssumeRoleWithWebIdentityAsync,
              (aws::AssumeRoleWithWebIdentityRequest request, CallOptions options,
               Callback<aws::AssumedRole> done),
              (override));
};

}  // namespace gsh::testing

#endif  // GSH_TESTING_MOCK_AWS_H_
