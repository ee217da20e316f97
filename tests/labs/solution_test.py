"""What the worked solutions of the labs promise: every command that they print
runs on a learner's own files, both languages print the same, no text holds a
value of anybody's answers, and what the commands alone leave does not pass.

A line NAME=VALUE in a command stands for what the learner has found; here the
values come from what `solve` answered for the seed."""
import collections
import csv
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
LABS = os.path.join(ROOT, "labs")
SEEDS = 3
SECONDS = 120  # for all commands of one lab
BLOCK = re.compile(r"^```\n(.*?)^```$", re.S | re.M)
PLACE = re.compile(r"^([a-z]+)=(\S+)$", re.M)


def table(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def answers(top):
    path, found = os.path.join(top, "out/answers.txt"), {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            for line in f:
                key, _, value = line.partition(":")
                found[key.strip()] = value.strip()
    return found


# What a learner puts into the commands, for those labs that have such places.

def l01(top, a):
    return {"domain": "tsubakuro.example"}


def l02(top, a):
    return {"ids": "20", "share": "80", "w": "3600", "n": "3", "r": "0.7",
            "address": a["bot_ips"].split(",")[0]}


def l03(top, a):
    return {"host": a["c2_host"], "key": a["key"]}


def l04(top, a):
    with open(top + "/in/requirements.md", encoding="utf-8") as f:
        fact = dict(re.findall(r"(?m)^\| [^|]+ / ([^|]+) \| `(.+)` \|$",
                               f.read()))
    with open(top + "/in/etc/ssh/sshd_config", encoding="utf-8") as f:
        vendor = re.search(r"Match Address (\S+)", f.read())[1]
    return {"admin": fact["Administration network"].replace(".0/24", ".9"),
            "partner": fact["Addresses of the partner"].split(", ")[0],
            "batch": fact["Address of the night batch"], "vendor": vendor,
            "portal": fact["Host name of the portal"],
            "api": fact["Host name of the partner API"],
            "login": fact["Log-in"], "pages": fact["Administration pages"],
            "static": fact["Static files"], "folder": fact["Public folder"]}


def l05(top, a):
    address = {row["name"]: row["address"]
               for row in table(top + "/in/hosts.csv")}
    with open(top + "/in/proxy.csv", encoding="utf-8") as f:
        proxy = f.read().splitlines()
    url = {}
    for row in table(top + "/out/timeline.csv"):
        name, _, line = row["evidence_line"].partition(":")
        if name == "proxy.csv":
            url[row["event_code"]] = proxy[int(line) - 1].split(",")[4]
    sent = url["exfil_start"]
    return {"account": a["first_account"], "pc": a["patient_zero"],
            "zero": address[a["patient_zero"]],
            "last": address[a["lateral_path"].split(" > ")[-2]],
            "site": url["download"].split("/")[2].split(".", 1)[1],
            "server": url["c2_first"],
            "target": sent.split("/")[2] if "//" in sent else sent}


def l09(top, a):
    with open(top + "/in/app.py", encoding="utf-8") as f:
        app = f.read()
    with open(top + "/in/apptests.json", encoding="utf-8") as f:
        customer = next(iter(json.load(f)["customers"]))
    page = {name: path for path, name in re.findall(
        r'"(/[^"]+)": \((\w+),', app)}
    given = dict(re.findall(r'(\w+) = req\.(?:text|number)\("(\w+)"', app))
    with open(top + "/in/data.sql", encoding="utf-8") as f:
        owned = re.findall(r"VALUES \('([0-9]{7})', ([0-9]+), ", f.read())
    own = [number for number, owner in owned if owner == customer]
    others = [number for number, owner in owned if owner != customer]
    return {"customer": customer, "search": page["search"],
            "word": given["word"], "one": page["detail"], "ref": given["ref"],
            "payees": page["payees"], "name": given["label"],
            "sum": page["summary"], "id": given["chosen"],
            "list": page["history"], "account": given["number"],
            "by": given["sort"], "own": own[0], "foreign": others[-1]}


def l10(top, a):
    renames = collections.Counter(
        (row["pid"], row["ppid"]) for row in table(top + "/in/edr.csv")
        if row["event"] == "file_rename")
    pid, parent = renames.most_common(1)[0][0]
    values = {"pid": pid, "parent": parent, "dropper": a["dropper_path"]}
    for name in ("customer", "loan", "transfer"):
        values[name] = a["clean_point." + name]
    return values


def l11(top, a):
    return {"uetr": a["forged"].split(", ")[0]}


VALUES = {"L01": l01, "L02": l02, "L03": l03, "L04": l04, "L05": l05,
          "L09": l09, "L10": l10, "L11": l11}


def run(home, name, **env):
    env = {"LAB_" + key.upper(): value for key, value in env.items()}
    env.update(PATH="/usr/bin:/bin", PYTHONPATH=LABS, LAB_HOME=home,
               PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0",
               LANG="C.UTF-8", TZ="UTC")
    return subprocess.run([os.path.join(home, name)], env=env, cwd="/",
                          check=True, stdout=subprocess.PIPE, text=True).stdout


def script_of(text, values, top):
    """The commands, one shell for all as in a terminal; after each block its
    number and the status of its last command, where errors are told, too."""
    parts = ["set -u"]
    for n, block in enumerate(BLOCK.findall(text), 1):
        block = PLACE.sub(lambda m: "%s=%s" % (
            m[1], values.get(m[1], m[2])), block)
        parts += [block.replace("/lab/", top + "/lab/"),
                  "echo '@%d' $? >&2" % n]
    return "\n".join(parts)


class Solutions(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.mkdtemp(prefix="solution-")
        self.addCleanup(shutil.rmtree, self.top)

    @staticmethod
    def seed(home, number):
        name = os.path.basename(home)[:3]
        return hashlib.sha256(b"%s text %d" % (name.encode(), number)
                              ).hexdigest()

    def made(self, home, number):
        """The artefacts of a seed, and what `solve` says of them."""
        top = os.path.join(self.top, "%s-%d" % (
            os.path.basename(home)[:3], number))
        os.mkdir(top)
        run(home, "setup", seed=self.seed(home, number), dir=top)
        run(home, "solve", dir=top)
        return top

    def texts(self):
        for home in sorted(glob.glob(os.path.join(LABS, "L*-*"))):
            both = []
            for lang in ("ja", "en"):
                with open(os.path.join(home, "solution.%s.md" % lang),
                          encoding="utf-8") as f:
                    both.append(f.read())
            yield home, os.path.basename(home)[:3], both

    def test_both_languages_print_the_same_commands(self):
        for _, lab, (ja, en) in self.texts():
            with self.subTest(lab):
                self.assertGreater(len(BLOCK.findall(ja)), 2)
                self.assertEqual(BLOCK.findall(ja), BLOCK.findall(en))

    def test_every_command_runs(self):
        for home, lab, (ja, _) in self.texts():
            with self.subTest(lab):
                top = self.made(home, 0)
                values = VALUES.get(lab, lambda top, a: {})(top, answers(top))
                places = dict(PLACE.findall("\n".join(BLOCK.findall(ja))))
                self.assertLessEqual(set(values), set(places))
                for name in ("lab/out", "lab/work"):
                    os.makedirs(os.path.join(top, name))
                os.rename(top + "/in", top + "/lab/in")
                done = subprocess.run(
                    ["bash", "-c", script_of(ja, values, top) + "\n"],
                    env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
                         "HOME": top + "/lab/work"},
                    cwd=top + "/lab/in", timeout=SECONDS, text=True,
                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                self.assertEqual(done.stderr.split("\n")[:-1], [
                    "@%d 0" % n
                    for n in range(1, len(BLOCK.findall(ja)) + 1)])
                self.decision_is_left(home, top + "/lab/out")

    def decision_is_left(self, home, out):
        """With the right values in all its places, a text pasted into the
        shell is no answer yet."""
        with open(os.path.join(home, "lab.yaml"), encoding="utf-8") as f:
            lab = yaml.safe_load(f)
        if "trial" in lab:      # check would want what boxes leave
            names = {c["path"] for c in lab["collect"]}
            self.assertFalse(names & set(os.listdir(out)))
            return
        seed, keyed = self.seed(home, 0), {}
        if os.path.exists(os.path.join(home, "key")):
            keyed["dir"] = os.path.dirname(out)
            run(home, "key", seed=seed, **keyed)
        got = run(home, "check", seed=seed, out=out, **keyed)
        self.assertLess(sum(int(line.split("\t")[1])
                            for line in got.splitlines()
                            if line.count("\t") == 2), lab["pass"])

    def test_no_value_of_an_answer_is_in_a_text(self):
        for home, lab, both in self.texts():
            for number in range(SEEDS):
                found = set()
                top = self.made(home, number)
                given = answers(top)
                put = VALUES.get(lab, lambda top, a: {})(top, given)
                for value in [*given.values(), *put.values()]:
                    found |= {one for one in re.split("[,>] *", value)
                              if len(one) > 5 and re.search("[0-9]", one)}
                for text in both:
                    told = {one for one in found if one in text}
                    with self.subTest(lab):
                        # names of places, as they stand in the task's form
                        self.assertFalse(told - {"online-1", "offline-1"})


if __name__ == "__main__":
    unittest.main()
