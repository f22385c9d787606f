"""BBBLB's units of systemd, and its command line for who is root here."""

from __future__ import annotations

FOLDER = "/etc/systemd/system"


def socket(path: str) -> str:
    """It stays open while BBBLB restarts: requests wait, and none fails."""
    return f"""[Unit]
Description=Where nginx asks BBBLB

[Socket]
ListenStream={path}
SocketUser=root
SocketGroup=www-data
SocketMode=0660

[Install]
WantedBy=sockets.target
"""


def service(venv: str, settings: str, secret: str) -> str:
    """Started again for ever, since it ends when its database is away for long."""
    return f"""[Unit]
Description=BBBLB, the cluster's load balancer
After=network-online.target postgresql.service bbblb.socket
Wants=network-online.target
Requires=bbblb.socket
RequiresMountsFor=/var/lib/bbblb
StartLimitIntervalSec=0

[Service]
User=bbblb
Group=bbblb
EnvironmentFile={settings}
EnvironmentFile={secret}
ExecStartPre={venv}/bin/bbblb db migrate
ExecStart={venv}/bin/uvicorn --fd 3 --no-access-log bbblb_guard:app
Restart=always
RestartSec=2
UMask=0022
StateDirectory=bbblb
StateDirectoryMode=0755
CapabilityBoundingSet=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service

[Install]
WantedBy=multi-user.target
"""


def mount(what: str, where: str, kind: str, options: str) -> str:
    """Without it the machine boots all the same, so that somebody can log in; what needs it does not start."""
    return f"""[Unit]
Description=Volume of the load balancer at {where}

[Mount]
What={what}
Where={where}
Type={kind}
Options={options}

[Install]
WantedBy=multi-user.target
"""


def command(venv: str, settings: str, secret: str, user: str) -> str:
    """`bbblb …` with the settings of the service."""
    return f"""#!/bin/sh
# BBBLB's command line as its service has it.
set -aeu
. {settings}
. {secret}
cd /
exec runuser -u {user} -- {venv}/bin/bbblb "$@"
"""
