package worker

import (
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/mocks"
	"google.golang.org/grpc"

	"tandem/fault"
	"tandem/instance"
)

// namespaces is a Temporal that has one namespace.
type namespaces struct {
	workflowservice.WorkflowServiceClient
	data    map[string]string
	refuses error
}

func (n *namespaces) DescribeNamespace(context.Context, *workflowservice.DescribeNamespaceRequest, ...grpc.CallOption) (*workflowservice.DescribeNamespaceResponse, error) {
	return &workflowservice.DescribeNamespaceResponse{NamespaceInfo: &namespace.NamespaceInfo{Data: n.data}}, nil
}

func (n *namespaces) UpdateNamespace(_ context.Context, in *workflowservice.UpdateNamespaceRequest, _ ...grpc.CallOption) (*workflowservice.UpdateNamespaceResponse, error) {
	if n.refuses == nil {
		n.data = in.UpdateInfo.Data
	}
	return &workflowservice.UpdateNamespaceResponse{}, n.refuses
}

func TestClaimNamespace(t *testing.T) {
	d := newDB(t, instance.Active)
	ours, err := d.Installation(t.Context())
	require.NoError(t, err)
	for name, c := range map[string]struct {
		owner   string
		refuses error
		kind    fault.Kind
		after   string
	}{
		"nobody's":               {"", nil, "", ours},
		"ours":                   {ours, nil, "", ours},
		"another installation's": {"other", nil, fault.Conflict, "other"},
		"may not be marked":      {"", serviceerror.NewPermissionDenied("", ""), "", ""},
		"Temporal goes away":     {"", serviceerror.NewUnavailable(""), fault.Unavailable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			n := &namespaces{data: map[string]string{installationKey: c.owner}, refuses: c.refuses}
			temporal := &mocks.Client{}
			temporal.On("WorkflowService").Return(n)
			w := &Worker{temporal: temporal, db: d, namespace: "default", log: slog.New(slog.DiscardHandler)}
			marked, err := w.claimNamespace(t.Context())
			require.Equal(t, c.kind, fault.KindOf(err))
			require.Equal(t, c.owner == "" && c.refuses == nil, marked)
			require.Equal(t, c.after, n.data[installationKey])
		})
	}
}
