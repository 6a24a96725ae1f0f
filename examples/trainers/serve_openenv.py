"""OpenEnv: a server, for clients of fr_envs.trainers.openenv_client.client_class().

Usage: python serve_openenv.py runs/first banking 8000
"""

import sys

import uvicorn

from fr_envs.trainers.openenv import server_app

run, domain, port = sys.argv[1:4]
app = server_app(domain, run, rules={"pay": "turns"})

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(port))
