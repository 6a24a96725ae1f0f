"""What walks themselves have put into a world is no evidence of what its tools take.

A keeper can be called anything, a number of a box too. Where walks have done so, keepers look like numbers; they are
none.
"""

import numpy as np

from fr_envs.adapters.enrich import complete
from fr_envs.adapters.python.objects import domain_from_object


class Archive:
    """An archive of boxes and who keeps them."""

    def __init__(self, rng: np.random.Generator) -> None:
        names = ["Ana Ruiz", "Bo Lind", "Cy Okoro", "Dee Marsh"]
        self.boxes = {
            f"B-{k + 1}": {"box_id": f"B-{k + 1}", "keeper": names[i]} for k, i in enumerate(rng.permutation(4))
        }

    def search(self, text: str = "") -> list[dict[str, str]]:
        """Search for boxes."""
        return [box for box in self.boxes.values() if text.lower() in box["keeper"].lower()]

    def fetch_box(self, box_id: str) -> dict[str, str]:
        """Fetch a box from the archive."""
        return self.boxes[box_id]

    def store_box(self, keeper: str) -> dict[str, str]:
        """Store a new box for somebody."""
        key = f"B-{len(self.boxes) + 1}"
        self.boxes[key] = {"box_id": key, "keeper": keeper}
        return self.boxes[key]

    def destroy_box(self, box_id: str) -> dict[str, str]:
        """Destroy a box."""
        return self.boxes.pop(box_id)

    def change_keeper(self, box_id: str, keeper: str) -> dict[str, str]:
        """Change the keeper of a box."""
        self.boxes[box_id]["keeper"] = keeper
        return self.boxes[box_id]


def test_a_person_is_no_number_of_a_box() -> None:
    domain = domain_from_object(Archive, name="archive", time_limit=None)
    found = complete(domain).found
    assert not [edge for edge in found.data if edge.pointer[-1] == "keeper" and edge.parameter == "box_id"]
    number = found.spec.tools["fetch_box"].parameters["box_id"].field.kind
    assert number is not None
    assert found.spec.tools["store_box"].returns["box_id"].kind == number
    assert found.spec.tools["store_box"].returns["keeper"].kind != number
