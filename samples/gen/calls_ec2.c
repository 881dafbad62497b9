/* SPDX-License-Identifier: MIT */
/* EC2 but for launching instances: reads, networks, snapshots. */
#include "gen/calls.h"

#define DONE "{'requestId':'${request}','_return':true}"
#define SG_RULE                                                         \
	"'groupId':'${group}','ipPermissions':{'items':[{'ipProtocol':" \
	"'${protocol|tcp}','fromPort':${port},'toPort':${port},"        \
	"'groups':{},'ipRanges':{'items':[{'cidrIp':'${cidr}'}]},"      \
	"'ipv6Ranges':{},'prefixListIds':{}}]}"
#define FILTER                                                         \
	"'filterSet':{'items':[{'name':'${filter|vpc-id}','valueSet':" \
	"{'items':[{'value':'${value|vpc-0a31f0c8b27e5d946}'}]}}]}"

const struct call calls_ec2[] = {
	{ .name = "ec2:DescribeInstances",
	  .request = "{'instancesSet':{},'filterSet':{}${more|}}" },
	{ .name = "ec2:DescribeInstanceStatus",
	  .request = "{'instancesSet':{},'filterSet':{},"
		     "'includeAllInstances':true,'maxResults':100}" },
	{ .name = "ec2:DescribeInstanceAttribute",
	  .request = "{'instanceId':'${instance}','attribute':"
		     "'${attribute|userData}'}" },
	{ .name = "ec2:DescribeVolumes",
	  .request = "{'volumeSet':{},'filterSet':{}}" },
	{ .name = "ec2:DescribeSnapshots",
	  .request = "{'snapshotSet':{},'ownersSet':{'items':[{'owner':"
		     "'self'}]},'sharedUsersSet':{},'filterSet':{}}" },
	{ .name = "ec2:DescribeSecurityGroups",
	  .request = "{'securityGroupSet':{},'securityGroupIdSet':{}," FILTER
		     "}" },
	{ .name = "ec2:DescribeVpcs",
	  .request = "{'vpcSet':{},'filterSet':{}}" },
	{ .name = "ec2:DescribeSubnets",
	  .request = "{'subnetSet':{}," FILTER "}" },
	{ .name = "ec2:DescribeRouteTables",
	  .request = "{'routeTableIdSet':{}," FILTER "}" },
	{ .name = "ec2:DescribeNetworkInterfaces",
	  .request = "{'networkInterfaceIdSet':{}," FILTER "}" },
	{ .name = "ec2:DescribeImages",
	  .request = "{'executableBySet':{},'imagesSet':{},'ownersSet':"
		     "{'items':[{'owner':'${owner|amazon}'}]},'filterSet':"
		     "{'items':[{'name':'name','valueSet':{'items':[{'value':"
		     "'${image|al2023-ami-2023*-x86_64}'}]}}]}}" },
	{ .name = "ec2:DescribeRegions",
	  .request = "{'regionSet':{},'allRegions':true,'filterSet':{}}" },
	{ .name = "ec2:DescribeAvailabilityZones",
	  .request = "{'availabilityZoneSet':{},'availabilityZoneIdSet':{}"
		     ",'filterSet':{}}" },
	{ .name = "ec2:DescribeTags", .request = "{'filterSet':{}}" },
	{ .name = "ec2:DescribeAddresses",
	  .request = "{'publicIpsSet':{},'allocationIdsSet':{},'filterSet':"
		     "{}}" },
	{ .name = "ec2:DescribeSnapshotAttribute",
	  .request = "{'snapshotId':'${snapshot}','attributeType':"
		     "'CREATE_VOLUME_PERMISSION'}" },
	{ .name = "ec2:CreateTags",
	  .request = "{'resourcesSet':{'items':[{'resourceId':"
		     "'${resource}'}]},'tagSet':{'items':[{'key':'${tag}',"
		     "'value':'${value}'}]}}",
	  .response = DONE },
	{ .name = "ec2:CreateKeyPair",
	  .request = "{'keyName':'${name}','keyType':'rsa'}",
	  .response = "{'requestId':'${request}','keyName':'${name}',"
		      "'keyFingerprint':'${hex16}','keyMaterial':"
		      "'<sensitiveDataRemoved>'}" },
	{ .name = "ec2:CreateSecurityGroup",
	  .request = "{'groupName':'${name}','groupDescription':"
		     "'${description|made by terraform}','vpcId':'${vpc}'}",
	  .response = "{'requestId':'${request}','_return':true,'groupId':"
		      "'${group}'}" },
	{ .name = "ec2:AuthorizeSecurityGroupIngress",
	  .request = "{" SG_RULE "}",
	  .response = "{'requestId':'${request}','_return':true,"
		      "'securityGroupRuleSet':{'items':[{'groupOwnerId':"
		      "'${account}','groupId':'${group}',"
		      "'securityGroupRuleId':'sgr-0${hex16}','isEgress':"
		      "false,'ipProtocol':'${protocol|tcp}','fromPort':"
		      "${port},'toPort':${port},'cidrIpv4':'${cidr}'}]}}" },
	{ .name = "ec2:RevokeSecurityGroupIngress",
	  .request = "{" SG_RULE "}",
	  .response = DONE },
	{ .name = "ec2:CreateSnapshot",
	  .request = "{'volumeId':'${volume}','description':"
		     "'${description|}'}",
	  .response = "{'requestId':'${request}','snapshotId':"
		      "'${snapshot}','volumeId':'${volume}','status':"
		      "'pending','startTime':${ms},'ownerId':'${account}',"
		      "'volumeSize':'${size|20}','encrypted':"
		      "${encrypted|false}}" },
	{ .name = "ec2:CopySnapshot",
	  .request = "{'sourceRegion':'${from|${region}}',"
		     "'sourceSnapshotId':'${snapshot}','description':'',"
		     "'encrypted':false}",
	  .response = "{'requestId':'${request}','snapshotId':"
		      "'snap-0${hex16}'}" },
	{ .name = "ec2:DeleteSnapshot",
	  .request = "{'snapshotId':'${snapshot}','force':false}",
	  .response = DONE },
	{ .name = "ec2:ModifySnapshotAttribute",
	  .request = "{'snapshotId':'${snapshot}',"
		     "'createVolumePermission':{'${verb|add}':{'items':["
		     "${item}]}},'attributeType':"
		     "'CREATE_VOLUME_PERMISSION'}",
	  .response = DONE },
	{ .name = "ec2:SharedSnapshotVolumeCreated",
	  .details = "{'snapshotId':'${snapshot}'}" },
	{ .name = "ec2:ModifyImageAttribute",
	  .request = "{'imageId':'${image}','launchPermission':"
		     "{'${verb|add}':{'items':[${item}]}},'attributeType':"
		     "'launchPermission'}",
	  .response = DONE },
	{ .name = "ec2:CreateImage",
	  .request = "{'instanceId':'${instance}','name':'${name}',"
		     "'noReboot':true}",
	  .response = "{'requestId':'${request}','imageId':'${image}'}" },
	{ .name = "ec2:DeleteFlowLogs",
	  .request = "{'DeleteFlowLogsRequest':{'FlowLogId':{'tag':1,"
		     "'content':'${flow}'}}}",
	  .response = "{'DeleteFlowLogsResponse':{'xmlns':"
		      "'http://ec2.amazonaws.com/doc/2016-11-15/',"
		      "'requestId':'${request}','unsuccessful':''}}" },
	{ .name = "ec2-instance-connect:SendSSHPublicKey",
	  .request = "{'instanceId':'${instance}','instanceOSUser':"
		     "'${os|ec2-user}','sSHPublicKey':'ssh-ed25519 "
		     "AAAAC3NzaC1lZDI1NTE5AAAAI${base6443}'}",
	  .response = "{'requestId':'${request}','success':true}" },
	{ .name = NULL }
};
