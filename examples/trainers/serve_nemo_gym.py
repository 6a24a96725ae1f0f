"""NeMo Gym: the app.py of a resource server, for rows of `funreason export RUN --to nemo-gym`."""

from fr_envs.trainers.nemo_gym import server_class

FunReasonServer = server_class(rules={"invalid_penalty": 0.05})

if __name__ == "__main__":
    FunReasonServer.run_webserver()
