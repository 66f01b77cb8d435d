"""The people whom a visitor signs in as. Numbers, names and password never change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from lms.access.roles import Role
from lms.town.people import Job

PASSWORD = "Sanzhen-2026"  # noqa: S105 – of the demo town, shown to everybody
HOME = "HF"


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody to sign in as. `fits` picks the job of an employee; officials have none."""

    role: str
    name: str
    number: str
    look_at: str
    female: bool = False
    first_login: bool = False
    fits: Callable[[Job], bool] | None = None
    employer: tuple[str, str] = ("own", "")
    joined: tuple[int, int] | None = None  # month and day of last year

    def shape(self, job: Job, today: date) -> None:
        """Make the chosen job the character's: form of employment and, where it matters, the first day."""
        job.type, job.employer = self.employer
        if self.joined:
            job.started = date(today.year - 1, *self.joined)
            for spell in job.spells:
                spell.start = job.started


def worker(workshop: str, team: str = "") -> Callable[[Job], bool]:
    """A worker without another function in a workshop."""

    def fits(job: Job) -> bool:
        return job.workshop == workshop and team in ("", job.team) and not job.roles and job.manual and not job.licence

    return fits


def holds(category: str) -> Callable[[Job], bool]:
    """Somebody who has been in the category from the first day."""
    return lambda job: any(spell.category == category and spell.start == job.started for spell in job.spells)


EMPLOYEES: tuple[Character, ...] = (
    Character(
        "学员", "孟庆舟", "HF-0127", "今日：有限空间课程学到一半，学完才能考；三季度考试 74 分，可以补考",
        fits=worker("发酵车间", "一班"), joined=(7, 1),
    ),
    Character(
        "主要负责人", "荆树森", "HF-0001", "今日：主要负责人培训合格证明；外包施工管理课程还没学",
        fits=holds("principal"),
    ),
    Character(
        "安全管理人员", "乔雨桐", "HF-0006", "工作台：待办、花名册、覆盖率、本单位考试（一场草稿）", female=True,
        fits=lambda job: "safety_manager" in job.roles,
    ),
    Character(
        "班组长", "郝立强", "HF-0093", "工作台：只看得到发酵车间一班",
        fits=lambda job: "team_leader" in job.roles and job.workshop == "发酵车间" and job.team == "一班",
    ),
    Character(
        "内训师", "邵文静", "HF-0012", "工作台：安排课程、组织考试", female=True,
        fits=lambda job: "trainer" in job.roles,
    ),
    Character(
        "外包人员", "卞晓峰", "HF-0164", "今日：外包单位派来，培训算在恒丰味业名下",
        fits=worker("污水站"), employer=("contractor", "净源川环保"),
    ),
    Character(
        "第一次登录", "薛桂芬", "HF-0188", "登录后先改密码；劳务派遣的包装工", female=True, first_login=True,
        fits=worker("包装车间"), employer=("dispatched", "岭才源人力资源"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody of the town's administration, with a role instead of a job."""

    character: Character
    role: Role
    committee: str = ""


OFFICIALS: tuple[Official, ...] = (
    Official(
        Character("镇级监管", "林致远", "BL-0001", "监管：全镇覆盖率、专题进度、最落后的企业、零学习企业"),
        Role.TOWN_SUPERVISOR,
    ),
    Official(
        Character("专委会", "初明桐", "BL-0002", "监管：只看得到工贸行业的企业", female=True),
        Role.SECTOR_COMMITTEE,
        "industry-trade",
    ),
    Official(Character("内容编辑", "曲文岚", "BL-0003", "编辑后台：标准、课程、晨会卡片", female=True), Role.EDITOR),
    Official(Character("题库审核", "綦思远", "BL-0004", "题库：几道题等着审核；全镇考试"), Role.REVIEWER),
    Official(Character("审计员", "鞠明兰", "BL-0005", "审计记录；到处能看，哪里都不能改", female=True), Role.AUDITOR),
    Official(Character("系统管理员", "解永年", "BL-0006", "一切，包括角色和后台"), Role.ADMINISTRATOR),
)

# What a character leaves open, so that it can be shown: subject → for how many years back from this one.
SKIPPED = {
    "HF-0127": {"confined-space": 2},
    "HF-0164": {"confined-space": 1},
    "HF-0001": {"outsourced-construction": 1},
}


def skips(staff_number: str, subject: str, years_ago: int) -> bool:
    """Whether a character has not done a subject in that year."""
    return years_ago < SKIPPED.get(staff_number, {}).get(subject, 0)


CHARACTERS: tuple[Character, ...] = (*EMPLOYEES, *(official.character for official in OFFICIALS))


def cast(code: str, jobs: Sequence[Job], *, today: date) -> None:
    """Give the characters of an enterprise their jobs: the first fitting one that lasts, else any worker's."""
    if code != HOME:
        return
    chosen: set[int] = set()
    for character in EMPLOYEES:
        job = next(job for job in candidates(character, jobs, today=today) if id(job) not in chosen)
        chosen.add(id(job))
        person = job.person
        person.name, person.female, person.staff_number = character.name, character.female, character.number
        person.scripted, person.first_login = True, character.first_login
        person.activated = not character.first_login
        person.diligence, person.skill = 0.1, max(person.skill, 1.1)
        character.shape(job, today)


def candidates(character: Character, jobs: Sequence[Job], *, today: date) -> list[Job]:
    """Fitting jobs that are in force, the lasting ones first; without any, workers of any kind (tiny towns)."""
    present = [job for job in jobs if job.on(today)]
    assert character.fits is not None
    fitting = [job for job in present if character.fits(job)]
    lasting = [job for job in fitting if job.started <= date(2024, 10, 31)]
    others = [job for job in fitting if job not in lasting]
    spare = [job for job in present if job.manual and not job.roles and job not in fitting]
    return lasting + others + spare
