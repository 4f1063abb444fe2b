"""The mock server and our client checked against the official client, the SDK `oneentry`, in three versions."""
