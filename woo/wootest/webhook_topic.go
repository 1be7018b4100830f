package wootest

import "strings"

// topicActions are the WordPress actions that make a webhook of a topic fire, as its REST record names them.
var topicActions = map[string][]string{
	"coupon.created":    {"woocommerce_process_shop_coupon_meta", "woocommerce_new_coupon"},
	"coupon.updated":    {"woocommerce_process_shop_coupon_meta", "woocommerce_update_coupon"},
	"coupon.deleted":    {"wp_trash_post"},
	"coupon.restored":   {"untrashed_post"},
	"customer.created":  {"user_register", "woocommerce_created_customer", "woocommerce_new_customer"},
	"customer.updated":  {"profile_update", "woocommerce_update_customer"},
	"customer.deleted":  {"delete_user"},
	"customer.restored": {},
	"order.created":     {"woocommerce_new_order"},
	"order.updated":     {"woocommerce_update_order", "woocommerce_order_refunded"},
	"order.deleted":     {"wp_trash_post", "woocommerce_trash_order"},
	"order.restored":    {"untrashed_post", "woocommerce_untrash_order"},
	"product.created":   {"woocommerce_process_product_meta", "woocommerce_new_product", "woocommerce_new_product_variation"},
	"product.updated":   {"woocommerce_process_product_meta", "woocommerce_update_product", "woocommerce_update_product_variation"},
	"product.deleted":   {"wp_trash_post"},
	"product.restored":  {"untrashed_post"},
}

// actionsOf gives the actions of a topic; action.X stands for the action X.
func actionsOf(topic string) []string {
	if action, custom := strings.CutPrefix(topic, "action."); custom {
		return []string{action}
	}
	return topicActions[topic]
}

func validTopic(topic string) bool {
	if action, custom := strings.CutPrefix(topic, "action."); custom {
		return strings.HasPrefix(action, "woocommerce_") || strings.HasPrefix(action, "wc_")
	}
	_, known := topicActions[topic]
	return known
}
