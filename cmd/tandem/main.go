// Command tandem keeps WooCommerce stores and an ERP in step. See "tandem help".
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"tandem/fault"
)

// version is set by the linker: -ldflags "-X main.version=1.2.3".
var version = "dev"

// Exit codes, for scripts.
const (
	exitFailure = 1 // it did not work
	exitUsage   = 2 // it was asked for wrongly
	exitDiffers = 3 // it worked, but the two sides do not agree
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := newRoot().ExecuteContext(ctx); err != nil {
		return report(err)
	}
	return 0
}

// report prints an error for people and gives the exit code.
func report(err error) int {
	if errors.Is(err, errDiffers) {
		return exitDiffers
	}
	if errors.Is(err, context.Canceled) {
		return exitFailure
	}
	fmt.Fprintln(os.Stderr, "tandem:", err)
	var known *fault.Error
	if errors.As(err, &known) && known.Err != nil {
		fmt.Fprintln(os.Stderr, "  cause:", known.Err)
	}
	if fault.Is(err, fault.Invalid) {
		return exitUsage
	}
	return exitFailure
}
