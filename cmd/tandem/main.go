// Command tandem keeps WooCommerce stores and an ERP in step. See "tandem help".
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"tandem/fault"
)

// version is set by the linker: -ldflags "-X main.version=1.2.3".
var version = "dev"

// Exit codes, for scripts.
const (
	exitFailure = 1 // it was not done
	exitUsage   = 2 // wrong usage
	exitTrouble = 3 // it was done, but records parked or failed, or the two sides do not agree
)

const exitHelp = `

Exit codes: 0 done · 1 not done · 2 wrong usage: a flag, a value or an unknown name · 3 done, but records are parked or failed`

// errTrouble says that the work was done and not all is well; what is wrong has been printed.
var errTrouble = errors.New("records are parked or failed")

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	return execute(ctx, newRoot())
}

// execute runs a command tree and gives the exit code. What fails before a command begins is cobra's refusal of how it was
// called.
func execute(ctx context.Context, root *cobra.Command) int {
	begun := false
	noteBeginning(root, &begun)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case !begun:
		fmt.Fprintf(root.ErrOrStderr(), "tandem: %s\n  see: tandem help\n", harmless(err.Error()))
		return exitUsage
	default:
		return report(root.ErrOrStderr(), err)
	}
}

// noteBeginning makes every command say that it was begun.
func noteBeginning(c *cobra.Command, begun *bool) {
	if run := c.RunE; run != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			*begun = true
			return run(c, args)
		}
	}
	for _, sub := range c.Commands() {
		noteBeginning(sub, begun)
	}
}

// report prints an error for people and gives the exit code.
func report(w io.Writer, err error) int {
	if errors.Is(err, errTrouble) || errors.Is(err, errDiffers) {
		return exitTrouble
	}
	if errors.Is(err, context.Canceled) {
		return exitFailure
	}
	fmt.Fprintln(w, "tandem:", harmless(err.Error()))
	var known *fault.Error
	if errors.As(err, &known) && known.Err != nil {
		fmt.Fprintln(w, "  cause:", harmless(known.Err.Error()))
	}
	if fault.Is(err, fault.Invalid) {
		return exitUsage
	}
	return exitFailure
}
