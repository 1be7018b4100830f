package odoodev

import (
	"context"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"

	"tandem/fault"
)

// defaultMirror is used where apt names no mirror of Debian's, as on another distribution.
const defaultMirror = "http://deb.debian.org/debian"

// machine is what the machine's own apt knows about fetching packages. The root fetches its packages in the same way.
type machine struct {
	mirror   string // URL without a slash at its end
	settings string // lines of apt configuration
	proxy    string // for plain HTTP; "" when there is none
}

// readMachine asks apt. A machine without apt gets the defaults.
func readMachine(ctx context.Context) machine {
	targets := output(ctx, "apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)", "Created-By: Packages")
	config := output(ctx, "apt-config", "dump")
	return machine{mirror: findMirror(targets), settings: keepSettings(config), proxy: findProxy(config)}
}

// output gives what a program says, or nothing when there is no such program or it fails.
func output(ctx context.Context, name string, args ...string) string {
	text, _ := exec.CommandContext(ctx, name, args...).Output()
	return string(text)
}

// findMirror takes the first mirror that calls itself Debian's; security updates and other vendors have other labels.
func findMirror(targets string) string {
	for line := range strings.Lines(targets) {
		if mirror, ok := strings.CutPrefix(strings.TrimSpace(line), "Debian "); ok {
			return strings.TrimSuffix(mirror, "/")
		}
	}
	return defaultMirror
}

var (
	// keptSetting finds what is about how to reach a mirror and how fresh it must be.
	keptSetting = regexp.MustCompile(`(?im)^Acquire::(Check-[a-z-]+|[a-z]+::Proxy(::\S*)?) .*$`)
	httpProxy   = regexp.MustCompile(`(?im)^Acquire::http::Proxy "([^"]+)";$`)
)

func keepSettings(config string) string {
	lines := keptSetting.FindAllString(config, -1)
	return strings.Join(append(lines, rootSettings...), "\n") + "\n"
}

func findProxy(config string) string {
	if match := httpProxy.FindStringSubmatch(config); match != nil {
		return match[1]
	}
	return ""
}

// rootSettings make the installation small and quick; the root can be made again, so nothing needs to be safe on disk.
var rootSettings = []string{
	`Acquire::Languages "none";`,
	`Acquire::Retries "3";`,
	`Acquire::http::Timeout "60";`,
	`APT::Install-Recommends "false";`,
	`Dpkg::Options:: "--force-unsafe-io";`,
	`Dpkg::Use-Pty "false";`,
}

// debootstrapping lets one installation after the other look for debootstrap, so that only the first one fetches it.
var debootstrapping sync.Mutex

// provideDebootstrap installs debootstrap on the machine when it is missing.
func provideDebootstrap(log io.Writer, report func(string)) error {
	debootstrapping.Lock()
	defer debootstrapping.Unlock()
	if _, err := exec.LookPath("debootstrap"); err == nil {
		return nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fault.Wrap(fault.Unavailable, err,
			"debootstrap is not installed and this machine has no apt: install debootstrap first")
	}
	report("debootstrap is not installed: installing it with apt (once) …")
	script := `set -e; export DEBIAN_FRONTEND=noninteractive
		apt-get -q -o DPkg::Lock::Timeout=300 update || true # what is needed may be known already
		apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends debootstrap debian-archive-keyring`
	// No context and no Ctrl-C ends it: a half-done dpkg run costs more than the wait.
	cmd := exec.Command("sh", "-c", script)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := run(cmd, log); err != nil {
		return fault.Wrap(fault.Unavailable, err, "debootstrap cannot be installed with apt (%v)", err)
	}
	return nil
}
