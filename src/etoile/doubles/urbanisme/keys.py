"""The key by which the simulated SFTP server is known, made at its first start."""

from pathlib import Path

import asyncssh


def host_key(path: Path) -> asyncssh.SSHKey:
    """The key of this file; `get_fingerprint()` gives what the town writes in its settings."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(".part")
        made.touch(mode=0o600)
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(made)
        made.rename(path)
    return asyncssh.read_private_key(path)
