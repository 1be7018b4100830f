package devstack

import (
	"os"
	"os/exec"

	"tandem/fault"
)

// Chromium gives the path of a Chromium, or of a browser made of it: what the environment names in CHROMIUM, one that is in PATH,
// or Debian's package, which is installed where PostgreSQL would be. fault.NotFound says what to do elsewhere.
func Chromium(folder string, report func(string)) (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path, nil
	}
	return program(folder, "chromium", "Chromium", "put one into PATH, or name it in CHROMIUM", report,
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
}

// Node gives the path of Node, which comes with npm.
func Node(folder string, report func(string)) (string, error) {
	path, err := program(folder, "nodejs", "Node", "put node and npm into PATH", report, "node")
	if err != nil {
		return "", err
	}
	_, err = program(folder, "npm", "npm", "put npm into PATH", report, "npm")
	return path, err
}

// program finds the first of some names in PATH, or installs the package that has it.
func program(folder, pkg, title, otherwise string, report func(string), names ...string) (string, error) {
	if path, ok := inPath(names); ok {
		return path, nil
	}
	var elevate []string
	if os.Geteuid() != 0 {
		elevate = []string{"sudo", "-n"}
	}
	if !canInstall(elevate) {
		return "", fault.New(fault.NotFound, "%s is not installed and cannot be installed from here: run `sudo apt-get install %s`, or %s", title, pkg, otherwise)
	}
	report(title + " is not installed: installing the package " + pkg + " with apt (once) …")
	if err := runInstall(folder, append(elevate, "sh", "-c", installScript, "install.sh", pkg, createClusterDropIns)); err != nil {
		return "", err
	}
	if path, ok := inPath(names); ok {
		return path, nil
	}
	return "", fault.New(fault.Unavailable, "the package %s brought none of %v", pkg, names)
}

func inPath(names []string) (string, bool) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, true
		}
	}
	return "", false
}
