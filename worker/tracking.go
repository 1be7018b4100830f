package worker

import (
	"context"
	"slices"

	"tandem/instance"
	"tandem/woo"
)

// trackingTargets says where a store can keep what is known of shipments, the preferred first. Notes every store has.
func trackingTargets(ctx context.Context, client *woo.Client, apis []string) ([]string, error) {
	has, err := client.HasFulfillments(ctx)
	if err != nil {
		return nil, err
	}
	var targets []string
	if has {
		targets = append(targets, instance.TrackingFulfillments)
	}
	if slices.Contains(apis, woo.ShipmentTrackingAPI) {
		targets = append(targets, instance.TrackingPlugin)
	}
	if slices.Contains(apis, woo.AdvancedShipmentTrackingAPI) {
		targets = append(targets, instance.TrackingOldPlugin)
	}
	return append(targets, instance.TrackingNote), nil
}
