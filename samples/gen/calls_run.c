/* SPDX-License-Identifier: MIT */
/* EC2: launching and stopping instances. */
#include "gen/calls.h"

#define PROFILE                                                 \
	"'iamInstanceProfile':{'arn':'arn:aws:iam::${account}:" \
	"instance-profile/${profile}','id':'${AIPA:profile}'}"
#define LAUNCHED                                                         \
	"{'instanceId':'${instance}','imageId':'${image}',"              \
	"'currentInstanceBootMode':'legacy-bios','instanceState':"       \
	"{'code':0,'name':'pending'},'privateDnsName':'ip-"              \
	"${dashed|10-0-1-20}.${region}.compute.internal',"               \
	"'amiLaunchIndex':0,'productCodes':{},'instanceType':'${type}'," \
	"'launchTime':${ms},'placement':{'availabilityZone':"            \
	"'${region}a','tenancy':'default'},'monitoring':{'state':"       \
	"'disabled'},'subnetId':'${subnet|subnet-0${hex16}}','vpcId':"   \
	"'${vpc|vpc-0${hex16}}','privateIpAddress':'${private}',"        \
	"'stateReason':{'code':'pending','message':'pending'},"          \
	"'architecture':'x86_64','rootDeviceType':'ebs',"                \
	"'rootDeviceName':'/dev/xvda','virtualizationType':'hvm',"       \
	"'hypervisor':'xen'," PROFILE ",'ebsOptimized':false,"           \
	"'metadataOptions':{'state':'pending','httpTokens':'optional',"  \
	"'httpPutResponseHopLimit':1,'httpEndpoint':'enabled'}}"

const struct call calls_ec2_run[] = {
	{ .name = "ec2:RunInstances",
	  .request = "{'instancesSet':{'items':[{'imageId':'${image}',"
		     "'minCount':1,'maxCount':${count|1}${keyName|}}]},"
		     "'instanceType':'${type}','blockDeviceMapping':{},"
		     "'monitoring':{'enabled':false},"
		     "'disableApiTermination':false,'disableApiStop':false,"
		     "'clientToken':'${uuid}','iamInstanceProfile':{'name':"
		     "'${profile}'}}",
	  .response = "{'requestId':'${request}','reservationId':"
		      "'r-0${hex16}','ownerId':'${account}','groupSet':{},"
		      "'instancesSet':{'items':[" LAUNCHED "]}}" },
	{ .name = "ec2:TerminateInstances",
	  .request = "{'instancesSet':{'items':[{'instanceId':"
		     "'${instance}'}]}}",
	  .response = "{'requestId':'${request}','instancesSet':{'items':["
		      "{'instanceId':'${instance}','currentState':{'code':"
		      "32,'name':'shutting-down'},'previousState':{'code':"
		      "16,'name':'running'}}]}}" },
	{ .name = "ec2:ModifyInstanceAttribute",
	  .request = "{'instanceId':'${instance}',${change}}",
	  .response = "{'requestId':'${request}','_return':true}" },
	{ .name = "ec2:StopInstances",
	  .request = "{'instancesSet':{'items':[{'instanceId':"
		     "'${instance}'}]},'force':false}",
	  .response = "{'requestId':'${request}','instancesSet':{'items':["
		      "{'instanceId':'${instance}','currentState':{'code':"
		      "64,'name':'stopping'},'previousState':{'code':16,"
		      "'name':'running'}}]}}" },
	{ .name = "ec2:StartInstances",
	  .request = "{'instancesSet':{'items':[{'instanceId':"
		     "'${instance}'}]}}",
	  .response = "{'requestId':'${request}','instancesSet':{'items':["
		      "{'instanceId':'${instance}','currentState':{'code':"
		      "0,'name':'pending'},'previousState':{'code':80,"
		      "'name':'stopped'}}]}}" },
	{ .name = NULL }
};
